import dns from 'node:dns';

// Loaded before the bot: reports each name that is looked up here.

const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  process.stderr.write(`looked up ${host}\n`);
  return lookup(host, ...rest);
};
