/** What a command says that only the daemon can answer. */
export const noDaemon = 'no daemon is running (moenet-agent run, or systemctl start moenet-agent)';
