"""Reports: who may read them, and how many queries they send: one, after the one for the user."""

from tests.contract.cases import API, STAFF, Access, Budget, Call
from tests.reports.factories import make_sales

REPORTS = [f"GET {API}/reports/{name}" for name in ("revenue", "top-customers", "running-totals")]


async def report(rows: int) -> Call:
    await make_sales(rows)
    return Call(query="created_from=2024-01-01T00:00:00Z&created_to=2100-01-01T00:00:00Z")


ACCESS = [Access(route, STAFF) for route in REPORTS]
BUDGETS = [Budget(route, 2, report) for route in REPORTS]
