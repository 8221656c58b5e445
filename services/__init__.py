"""The services of Thousand Sails, and the small libraries that only they import."""
