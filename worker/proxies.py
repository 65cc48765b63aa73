"""What a proxy is told of us: the user and password of its URL, as one header."""

import base64

import httpx


def greeting(proxy: str) -> dict[str, str]:
    """The header that a proxy asks for; none where its URL names no user."""
    url = httpx.URL(proxy)
    if not url.userinfo:
        return {}
    token = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    return {"Proxy-Authorization": f"Basic {token}"}


def through(proxy: str) -> httpx.Proxy:
    """The proxy that tunnels are asked of; aiohttp sends these headers with CONNECT only, never to the peer."""
    return httpx.Proxy(httpx.URL(proxy).copy_with(userinfo=b""), headers=greeting(proxy))
