"""The doctor: finds what is wrong with a database, and says what to do.

`await examine(config, Deployment(pool=...), History(...))` returns a Report: its findings, and the checks that
could not be run. It reads Postgres' statistics and catalogs, or the SQLite file, and changes nothing.
It needs no open context.
"""

from tortoise_kit.doctor.context import Deployment
from tortoise_kit.doctor.drift import History
from tortoise_kit.doctor.examination import examine
from tortoise_kit.doctor.findings import Finding, Report

__all__ = ["Deployment", "Finding", "History", "Report", "examine"]
