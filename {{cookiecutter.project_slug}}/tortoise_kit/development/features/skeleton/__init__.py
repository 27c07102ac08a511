"""What `python -m app feature new` copies: a feature as this service writes them, under a made-up name.

It is code like any other, linted and typed where it lies, and part of no service: `paper_clips` and `tests` become
`app/NAME` and `tests/NAME`, and the paper clips become what the feature is about. Change it here, and the next feature
comes out changed. No line may hold the words "a paper clip": of other words it would be "an".
"""
