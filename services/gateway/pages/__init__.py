"""What everybody may see without signing in: pages rendered here, read from public views alone."""
