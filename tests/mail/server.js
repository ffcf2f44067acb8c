// An SMTP server on a port of 127.0.0.1 that signs in one user and prints each mail as a line of JSON. Addresses that begin with "unknown" are refused for good, those with "busy" once each for now.
// Usage: node server.js PORT USER PASSWORD
import { SMTPServer } from 'smtp-server';

const [port, user, password] = process.argv.slice(2);
const tried = new Set();

function refusal(code, text) {
  const error = new Error(text);
  error.responseCode = code;
  return error;
}

const server = new SMTPServer({
  // In the clear on this machine; STARTTLS is offered with a certificate that nobody trusts.
  allowInsecureAuth: true,
  onAuth: (auth, session, done) => (auth.username === user && auth.password === password ? done(null, { user }) : done(refusal(535, 'wrong password'))),
  onRcptTo: ({ address }, session, done) => {
    if (address.startsWith('unknown')) return done(refusal(550, `no mailbox ${address}`));
    if (address.startsWith('busy') && !tried.has(address)) {
      tried.add(address);
      return done(refusal(451, `come back for ${address}`));
    }
    return done();
  },
  onData: (stream, session, done) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      console.log(`MAIL ${JSON.stringify({ from: mailFrom.address, to: rcptTo.map(({ address }) => address), secure: session.secure, text: Buffer.concat(chunks).toString() })}`);
      done();
    });
  },
});
server.on('error', (error) => console.log(`ERROR ${error.message}`));
server.listen(Number(port), '127.0.0.1', () => console.log('LISTENING'));
