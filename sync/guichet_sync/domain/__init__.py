"""What a city's request desk is about, in plain data and pure functions.

Nothing here reads a clock, a disk or a network, and nothing is imported but the standard library: identifiers, closed days
and the present moment come in as arguments.
"""
