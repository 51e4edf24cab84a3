"""The least of api.weixin.qq.com on this machine, as WeChat documents it: tokens that end, codes that count once, subscribers, a quota."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

APP, SECRET, TEMPLATE = "wx0123456789abcdef", "s3cret", "TEMPLATE_1"


class Stand(ThreadingHTTPServer):
    """The least of api.weixin.qq.com: tokens that end, subscribers, a quota."""

    daemon_threads = True

    def __init__(self):
        self.tokens, self.good, self.sent, self.answers = 0, set(), [], []
        self.lives, self.codes = 7200, {"good-code": "openid-bob"}
        super().__init__(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Desk(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def say(self, answer, status=200):
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self):
        at, stand = urlsplit(self.path), self.server
        asked = {key: values[0] for key, values in parse_qs(at.query).items()}
        if asked.get("appid") != APP or asked.get("secret") != SECRET:
            return self.say({"errcode": 40125, "errmsg": "invalid appsecret"})
        if at.path == "/cgi-bin/token" and asked.get("grant_type") == "client_credential":
            stand.tokens += 1
            stand.good = {f"token-{stand.tokens}"}  # a new token ends the one before
            return self.say({"access_token": f"token-{stand.tokens}", "expires_in": stand.lives})
        if at.path == "/sns/oauth2/access_token" and asked.get("grant_type") == "authorization_code":
            openid = stand.codes.pop(asked.get("code"), None)  # a code counts once
            return self.say({"openid": openid, "access_token": "u"} if openid else {"errcode": 40029, "errmsg": "invalid code"})
        return self.say({"errcode": -1}, 404)

    def do_POST(self):
        at, stand = urlsplit(self.path), self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if parse_qs(at.query).get("access_token", [""])[0] not in stand.good:
            return self.say({"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"})
        if stand.answers:
            return self.say({"errcode": stand.answers.pop(0), "errmsg": "as told"})
        if any(len(one["value"]) > 20 or "\n" in one["value"] for one in body["data"].values()):
            return self.say({"errcode": 47003, "errmsg": "argument invalid! data.thing.value invalid"})
        stand.sent.append((at.path, body))
        return self.say({"errcode": 0, "errmsg": "ok", "msgid": 1})
