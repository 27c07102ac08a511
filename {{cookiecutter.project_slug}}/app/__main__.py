"""`python -m app`: the command line.

A process that a server starts, for another worker or after a change of the code, imports this module as well, though
under another name, and goes on without the commands.
"""

if __name__ == "__main__":
    from app.cli.main import main

    main()
