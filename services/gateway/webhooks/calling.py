"""HTTP calls to addresses that strangers chose."""

import socket
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from services.gateway.addresses import is_public

POOL = 16  # as many as there are senders


class _Guarded(HTTPConnection):
    """Judges the address it really reached, after all names and redirections of DNS."""

    def _new_conn(self) -> socket.socket:
        opened: socket.socket = super()._new_conn()
        if not is_public(opened.getpeername()[0]):
            opened.close()
            raise NewConnectionError(self, "not on the public internet")
        return opened


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same under TLS, before the handshake."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class _GuardedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


def session_for(*, allow_private: bool) -> requests.Session:
    """A session without proxies, cookies or retries; private addresses only where allowed."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # receivers set none
    adapter = HTTPAdapter if allow_private else _GuardedAdapter
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter(pool_connections=POOL, pool_maxsize=POOL, pool_block=False))
    return session
