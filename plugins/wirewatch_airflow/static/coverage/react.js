// What Airflow's UI hands over: React and its router, without a bundler.
export const { Component, Fragment, createContext, createElement: h, useCallback, useContext, useEffect, useId, useMemo, useRef, useState } =
  globalThis.React;
export const { Link, useLocation, useSearchParams } = globalThis.ReactRouterDOM;
