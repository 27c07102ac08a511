"""Rejects a cookiecutter that is too old, in one line.

1.7 imports nothing from a template's folder, so it prints this module's name. 2.0 to 2.2 print the error below.
"""

from cookiecutter import __version__

OLDEST = (2, 3)  # `YesNoPrompt`, and answers that are derived from others

if tuple(int(number) for number in __version__.split(".")[:2]) < OLDEST:
    message = (
        f"this template needs cookiecutter 2.3 or newer, not {__version__}: "
        "run `uvx cookiecutter`, or `python3 -m pip install --upgrade cookiecutter`"
    )
    raise ImportError(message)

from fastapi_tortoise_answers import Answers  # noqa: E402 - an older cookiecutter lacks what this imports

__all__ = ["Answers"]
