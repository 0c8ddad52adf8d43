import { inOrder, withRotated } from './files.ts';
import { verify } from './verify.ts';

// npm run audit:verify FILE [FILE …]: one file with the rotated ones behind its name, or files in any order.
const files = process.argv.slice(2);
const [only] = files;
if (only === undefined) {
  console.error('npm run audit:verify FILE');
  process.exit(2);
}

try {
  const verdict = await verify(await inOrder(files.length === 1 ? withRotated(only) : files));
  if (verdict.ok)
    console.log(`${verdict.rows} rows, unbroken. SHA-256 of the last: ${verdict.hash}`);
  else console.log(`${verdict.where}: ${verdict.problem}`);
  process.exit(verdict.ok ? 0 : 1);
} catch (error) {
  console.error(`${files.join(', ')}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  process.exit(2);
}
