/** A style is no value: that it is imported loads it. */
declare module "*.css";
