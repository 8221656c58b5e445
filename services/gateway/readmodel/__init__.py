"""What each audience may see, kept ready to be read: views, the numbered feed, live streams."""
