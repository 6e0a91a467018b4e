// Makes the demo that stories copy: node tests/demo.js FOLDER. On PostgreSQL (LUYUE_TEST_PG) its database stays there.
import { freshDatabase, MADE_DATABASE, newWorld } from './world.js';

const world = newWorld({ data: process.argv[2], db: freshDatabase(MADE_DATABASE) });
await world.start();
const end = await world.halt();
if (end !== 0) throw new Error(`luyue ended with ${end}\n${world.log}`);
