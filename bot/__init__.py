"""The assistant around the domain: understanding, Rasa components, channels, page and launcher."""
