"""What was asked and answered, kept on disk."""
