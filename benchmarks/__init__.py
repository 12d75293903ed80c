"""How speed is measured, beside what a user would pick instead."""

# Before NumPy: it keeps the BLAS library to one thread.
import app  # noqa: F401
