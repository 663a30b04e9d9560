"""Reads a message with Python's own parser and prints what it saw as JSON."""
import email
import email.policy
import json
import sys

with open(sys.argv[1], 'rb') as f:
    message = email.message_from_bytes(f.read(), policy=email.policy.default)

parts = [{
    'type': p.get_content_type(),
    'charset': p.get_content_charset(),
    'encoding': p['Content-Transfer-Encoding'],
    'text': p.get_content().replace('\r\n', '\n'),
} for p in message.iter_parts()]
defects = [repr(d) for p in message.walk() for d in p.defects]
defects += [repr(d) for h in message.values() for d in getattr(h, 'defects', ())]
print(json.dumps({
    'type': message.get_content_type(),
    'headers': {name: str(value) for name, value in message.items()},
    'parts': parts,
    'defects': defects,
}))
