"""uvicorn, read at 0.54: whose X-Forwarded-For it believes."""

from uvicorn.middleware.proxy_headers import _TrustedHosts


class TrustedProxies:
    """The addresses whose X-Forwarded-For is believed, as uvicorn reads FORWARDED_ALLOW_IPS.

    Args:
        listed: Addresses and networks, separated by commas; `*` is all.
    """

    def __init__(self, listed: str) -> None:
        self._hosts = _TrustedHosts(listed)

    def __contains__(self, peer: str) -> bool:
        return peer in self._hosts

    def client_of(self, peer: str, headers: list[tuple[bytes, bytes]]) -> str:
        """The address of the client of a request that a peer sent."""
        if peer not in self._hosts:
            return peer
        forwarded = b", ".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin1")
        return (self._hosts.get_trusted_client_address(forwarded)[0] if forwarded else "") or peer
