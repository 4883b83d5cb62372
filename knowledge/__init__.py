"""The domain of Table d'orientation: sources, base, search and orientation. Never imports rasa."""
