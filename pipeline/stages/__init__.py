"""The stages, in order: collect, process, load (with check and publish). Each reads, calls the core, writes.

A unit of work is an outlet and a half-open data interval; running it again replaces its output and
changes nothing. Only ``collect`` may touch the network.
"""
