"""The press that prints the sample archive: readable prose in, WARC files out."""
