"""A course on threads that runs for real: one program, carried up four rungs."""

__version__ = "0.1.0"
