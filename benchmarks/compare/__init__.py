"""The service beside twins of its routes, and what it costs each of them to answer alike.

subjects.py      the requests that are measured, and who answers them
data.py          the rows that all of them share
twins/           SQLAlchemy and Tortoise as their docs show, asyncpg by hand, and the least there can be
agreement.py     refuses to measure twins that do not answer alike
worker.py        one app in a process of its own, called without a server; in_process.py asks it
server.py        one app in a server; over_http.py and memory.py put load on it, by wrk.py or client.py
results.py       what was measured; tables.py, plot.py, goals.py and regressions.py read it
"""
