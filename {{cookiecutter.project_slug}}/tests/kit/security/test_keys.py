from tortoise_kit.security.keys import KEY_BYTES, derive_key


def test_keys_match_the_vectors_of_the_rfc() -> None:
    # RFC 5869, appendix A.3: no salt, no purpose; the first 32 bytes.
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"

    assert derive_key("\x0b" * 22, "").hex() == expected


def test_each_purpose_and_each_secret_has_a_different_key() -> None:
    keys = {derive_key(secret, purpose) for secret in ("a" * 32, "b" * 32) for purpose in ("tokens", "cursors")}

    assert len(keys) == 4
    assert {len(key) for key in keys} == {KEY_BYTES}


def test_a_secret_yields_the_same_key_in_every_process() -> None:
    assert derive_key("ä" * 32, "tokens") == derive_key("ä" * 32, "tokens")
