import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { Part } from '../Part.ts';

/** Faults of plain TCP, for what does not speak HTTP or goes wrong below it. */
export const toxiproxy: Part = {
  name: 'toxiproxy',
  about: `TCP connections that are slow, cut or silent; its API at ${addresses.toxiproxy}`,
  needs: [],
  programs: ['toxiproxy-server'],
  async start(lab) {
    const [host = '', port = ''] = addresses.toxiproxy.split(':');
    await startDaemon(lab, {
      name: 'toxiproxy',
      program: await lab.program('toxiproxy-server'),
      args: ['-host', host, '-port', port],
      answers: () => toxiproxy.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'toxiproxy'),
  answers: () => answersHttp(`http://${addresses.toxiproxy}/version`),
};
