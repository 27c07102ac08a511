"""The service beside twins of its routes: what the same responses cost each of them.

subjects.py      the requests that are measured, and the apps that serve them
data.py          the rows that all of them share
twins/           SQLAlchemy and Tortoise as their docs show, asyncpg by hand, and the least there can be
agreement.py     stops the run if two twins respond differently
worker.py        one app in a separate process, called without a server; in_process.py sends the requests
counters.py      what Postgres and the processor count meanwhile
server.py        one app in a server; over_http.py and memory.py put load on it, by wrk.py or client.py
others.py        deep pages and rows in bulk
results.py       what was measured; tables.py, plot.py, goals.py and regressions.py read it, by the ratios of spread.py
"""
