"""Glassbox: step through a neural network and see every number."""

import os

# More than one BLAS thread gives other bits from run to run, and in some builds wrong ones. The
# libraries read these names once, when NumPy is first imported: so before anything else.
os.environ.update(
    OPENBLAS_NUM_THREADS="1",
    OMP_NUM_THREADS="1",
    MKL_NUM_THREADS="1",
    BLIS_NUM_THREADS="1",
    VECLIB_MAXIMUM_THREADS="1",
)

__version__ = "0.1.0"
