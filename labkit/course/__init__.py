"""What a student meets in every notebook: predict, reveal, check, hint, the claims test, and the magics %%kmodule and %%explore.

The rest of this room makes the notebooks.
"""

from labkit.course.check import CheckFailed, check
from labkit.course.claimstest import claims_test
from labkit.course.hint import hint
from labkit.course.magics import register
from labkit.course.predict import predict, reveal

__all__ = ["CheckFailed", "check", "claims_test", "hint", "predict", "reveal"]

register()
