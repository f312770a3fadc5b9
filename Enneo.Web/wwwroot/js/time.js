// What only the browser knows: in which time zone its reader lives.
export const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
