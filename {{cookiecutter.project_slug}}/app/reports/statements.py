"""The reports' SQL, one statement each, for both databases.

Money is summed in whole cents, because SQLite stores decimals as floating point, whose sums are not exact. Rounding a
14-digit total times 100 yields the exact number of cents. Comparisons and divisions use whole numbers too.
"""

from typing import Final

# What differs by dialect. On SQLite a timestamp is text in UTC.
MONTHS: Final = {
    "postgres": "to_char(orders.created_at AT TIME ZONE 'UTC', 'YYYY-MM')",
    "sqlite": "substr(orders.created_at, 1, 7)",
}
PARAMETERS: Final = {"postgres": "${}", "sqlite": "?{}"}

# The orders that count. It replaces {sales} in the statements below.
SALES = """
WITH sales AS (
    SELECT {month} AS month, users.tier, orders.customer_id, CAST(ROUND(orders.total * 100) AS BIGINT) AS cents
    FROM orders JOIN users ON users.id = orders.customer_id
    WHERE orders.status <> 'cancelled'{period}
)"""

REVENUE = """{sales}
SELECT month, tier, COUNT(*) AS orders, SUM(cents) AS revenue
FROM sales GROUP BY month, tier
ORDER BY month DESC, tier LIMIT {limit}
"""

# More than twice the average, written without a division: revenue > 2 * tier_revenue / tier_customers.
TOP_CUSTOMERS = """{sales},
customers AS (
    SELECT customer_id, tier, COUNT(*) AS orders, SUM(cents) AS revenue
    FROM sales GROUP BY customer_id, tier
),
rated AS (
    SELECT customers.*,
           SUM(revenue) OVER (PARTITION BY tier) AS tier_revenue,
           COUNT(*) OVER (PARTITION BY tier) AS tier_customers
    FROM customers
)
SELECT rated.*, users.name
FROM rated JOIN users ON users.id = rated.customer_id
WHERE revenue * tier_customers > 2 * tier_revenue
ORDER BY revenue DESC, customer_id LIMIT {limit}
"""

RUNNING_TOTALS = """{sales},
months AS (
    SELECT month, COUNT(*) AS orders, SUM(cents) AS revenue
    FROM sales GROUP BY month
)
SELECT month, orders, revenue,
       SUM(revenue) OVER (ORDER BY month) AS running_total,
       RANK() OVER (ORDER BY revenue DESC) AS rank
FROM months
ORDER BY month DESC LIMIT {limit}
"""
