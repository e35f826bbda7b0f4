import type { Trouble } from '../model/wait.ts';

/** Formats a network problem in a sentence for people, the same in the window, on the terminal and in the log. */
export function formatTrouble(trouble: Trouble, host: string): string {
  switch (trouble) {
    case 'connection-lost':
      return `The connection to ${host} was lost.`;
    case 'connection-refused':
      return `${host} refused the connection.`;
    case 'connection-timeout':
      return `Can’t connect to ${host}: no answer.`;
    case 'answer-timeout':
      return `${host} didn’t answer in time.`;
    case 'sending-stopped':
      return `${host} stopped sending data.`;
    case 'name-not-found':
      return `Can’t find ${host}. Check your internet connection.`;
    case 'unreachable':
      return `${host} can’t be reached from this network.`;
    case 'no-network':
      return 'There is no network connection.';
    case 'secure-connection':
      return `Can’t make a secure connection to ${host}.`;
    case 'certificate':
      return `The certificate of ${host} isn’t trusted, so Haulyard didn’t connect.`;
    case 'certificate-date':
      return `The certificate of ${host} isn’t valid today, so Haulyard didn’t connect. Check the date of this computer.`;
    case 'invalid-http':
      return `${host} sent an answer that isn’t valid HTTP.`;
    case 'proxy-unreachable':
      return 'Can’t connect to the proxy. Check the proxy setting.';
    case 'proxy-refused':
      return `The proxy refused to connect to ${host}. Check the proxy setting.`;
    case 'proxy-password':
      return 'The proxy wants another user name and password. Change the proxy setting and resume.';
    case 'proxy-certificate':
      return 'The certificate of the proxy isn’t trusted. Check the proxy setting.';
    case 'sign-in-page':
      return 'This network wants you to sign in first. Open any page in your browser to sign in.';
    case 'blocked':
      return `A filter on this network blocks ${host}. Try another network, or ask whoever runs this one.`;
    case 'offline-mode':
      return `HF_HUB_OFFLINE is set, so Haulyard doesn’t connect to ${host}. Unset it to download.`;
  }
}
