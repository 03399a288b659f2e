"""Requests at a steady rate, each on a connection of its own: load.py RATE STOP URL... ends once the file STOP is there, and prints
how many were sent and lost. An answer that does not come within 20 seconds is lost, as is one that is not 200."""
import asyncio, os, sys, time
from urllib.parse import urlsplit

rate, stop, urls = float(sys.argv[1]), sys.argv[2], [urlsplit(one) for one in sys.argv[3:]]
lost, took, others = [], [], 0

async def ask(url):
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET %s HTTP/1.0\r\nHost: load\r\n\r\n" % url.path.encode())
    answer = await reader.read()
    writer.close()
    if not answer.startswith(b"HTTP/1.1 200") or b"\r\n\r\n" not in answer:
        raise ValueError(answer[:40])

async def one(url):
    begun = time.monotonic()
    try:
        await asyncio.wait_for(ask(url), 20)
    except Exception as error:
        lost.append("%s at %.2f after %.2f s: %r" % (url.netloc, begun - start, time.monotonic() - begun, error))
    took.append(time.monotonic() - begun)

async def main():
    tasks, sent = [], 0
    while not os.path.exists(stop):
        tasks.append(asyncio.ensure_future(one(urls[sent % len(urls)])))
        sent += 1
        await asyncio.sleep(max(0, start + sent / rate - time.monotonic()))
    for task in tasks:
        await task
    took.sort()
    print("sent %d lost %d a second %.1f median %.3f longest %.2f" % (sent, len(lost), sent / (time.monotonic() - start), took[len(took) // 2], took[-1]))
    for line in lost[:10]:
        print(line)

start = time.monotonic()
asyncio.run(main())
