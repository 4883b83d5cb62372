"""Training of those who receive people: situations, their solution from the base, marks, draws. Pure; writes nothing."""
