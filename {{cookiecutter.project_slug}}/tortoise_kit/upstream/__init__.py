"""What the kit uses of other libraries beyond their documented interfaces: one module for each library.

A module names the version that was read. Its tests fail first when a release changes one of these.
"""
