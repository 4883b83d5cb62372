"""Bring in contacts from open files: read them, match them to our rows, show what would change, write it when told to."""
