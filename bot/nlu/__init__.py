"""Rasa graph components: thin shells around ``bot.understanding``."""
