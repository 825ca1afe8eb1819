/** A file's text, put into the program when it is built; the path is relative, as of any import. */
declare module '*?raw' {
  const text: string;
  export default text;
}
