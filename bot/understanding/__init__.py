"""From what an agent types to a typed request. Imports no Rasa, so that it outlives it."""
