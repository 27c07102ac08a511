"""What the kit uses of other libraries beyond their documented interfaces: one module for each library.

A module names the version that was read. The kit's own tests fail when a release changes one of these.
"""
