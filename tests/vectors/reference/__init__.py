"""The lock protocol, written a second time from PROTOCOL.md alone.

Slow, plain and complete on purpose: where it and the Rust code differ, the text decides which of them is wrong.
"""
