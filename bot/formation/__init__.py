"""Training sessions: the store of what is answered, and the pages of participants and trainer."""
