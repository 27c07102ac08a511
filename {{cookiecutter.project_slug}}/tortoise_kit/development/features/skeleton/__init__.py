"""What `python -m app feature new` copies: a feature as this service writes them, with a placeholder name.

The code is linted and type-checked here, but belongs to no service: `paper_clips` and `tests` become `app/NAME` and
`tests/NAME`, and the paper clips become the feature's items. Changes here appear in the next feature that is created.
No line may contain "a paper clip": with another word it might have to be "an".
"""
