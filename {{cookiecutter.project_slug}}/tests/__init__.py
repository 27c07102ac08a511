"""The tests of this service; `conftest.py` has the fixtures, `support` what several folders use."""

import pytest

pytest.register_assert_rewrite("tests.support", "tortoise_kit.development.testing")
