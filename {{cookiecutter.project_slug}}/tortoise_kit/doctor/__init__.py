"""The doctor: finds what is wrong with a database, and says what to do.

`await examine(config, Deployment(pool=...), History(...))` returns a Report: findings, each of one of the KINDS, and
the checks that could not be run. It reads Postgres' statistics and catalogs, or the SQLite file, and changes nothing.
It needs no open context.
"""

from tortoise_kit.doctor.context import Deployment, History
from tortoise_kit.doctor.examination import examine
from tortoise_kit.doctor.findings import KINDS, Finding, Report

__all__ = ["KINDS", "Deployment", "Finding", "History", "Report", "examine"]
