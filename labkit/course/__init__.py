"""What a student meets in every notebook: predict, reveal, check, hint, and the magics %%kmodule and %%explore.

The rest of this room makes the notebooks.
"""

from labkit.course.check import CheckFailed, check
from labkit.course.hint import hint
from labkit.course.magics import register
from labkit.course.predict import predict, reveal

__all__ = ["CheckFailed", "check", "hint", "predict", "reveal"]

register()
