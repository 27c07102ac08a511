"""Who reads reports."""

from tests.support.roles import STAFF_READ, Rule

RULES = [Rule("GET", f"/api/v1/reports/{name}", STAFF_READ) for name in ("revenue", "top-customers", "running-totals")]
