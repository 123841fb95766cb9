import { runCommand } from '@label-relaxation/experiments';
import { demo } from './command';

void runCommand((signal) => demo(process.argv.slice(2), signal));
