/** Whether somebody sees the page: not where another tab of its window stands before it. */
export const isPageSeen = (): boolean => document.visibilityState !== "hidden";
