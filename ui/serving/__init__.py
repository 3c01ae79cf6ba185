"""One server for people and programs."""
