"""`python -m app`: the command line.

The processes that a server starts, for workers or after a change of the code, import this module under another name and
need no commands.
"""

if __name__ == "__main__":
    from app.cli.main import main

    main()
